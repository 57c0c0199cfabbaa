"""Carries out a fault: the same for every HTTP service of the sandbox, which differ only in their error envelope."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from mxm_sandbox.answers import Answer, ConnectionDropped, Sleep
from mxm_sandbox.faults import Fault

Perform = Callable[[], Awaitable[Answer]]
ErrorAnswer = Callable[[Fault], Answer]

_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Please wait</title></head>"
    b"<body><h1>Please wait</h1><p>The service is being checked.</p></body></html>\n"
)
_GARBAGE = b'{"success": true, "data": [{"dom'


async def misbehave(fault: Fault, perform: Perform, error_answer: ErrorAnswer, sleep: Sleep) -> Answer:
    """The answer under `fault`. `perform` applies the request for real; it is not called when the fault comes first.

    Raises ConnectionDropped when there is to be no answer at all.
    """
    instead = _instead_of_effect(fault, error_answer)
    if instead is not None:
        return instead
    if fault.kind == "stall":
        await sleep(fault.delay_seconds or 0)
        return await perform()
    real = await perform()
    if fault.kind == "stall_after_effect":
        await sleep(fault.delay_seconds or 0)
        return real
    return _after_effect(fault, real, error_answer)


def _instead_of_effect(fault: Fault, error_answer: ErrorAnswer) -> Answer | None:
    match fault.kind:
        case "drop":
            raise ConnectionDropped
        case "status":
            return error_answer(fault)
        case "html":
            return _page(fault)
        case "garbage":
            return _garbage(fault)
        case _:
            return None


def _after_effect(fault: Fault, real: Answer, error_answer: ErrorAnswer) -> Answer:
    match fault.kind:
        case "lose_answer":
            raise ConnectionDropped
        case "status_after_effect":
            return error_answer(fault)
        case "html_after_effect":
            return _page(fault)
        case "garbage_after_effect":
            return _garbage(fault)
        case "wrong_envelope":
            return Answer(200, b'{"success": true}')
        case "half_body":
            return replace(_with_body(real), delivery="half")
        case _:
            return replace(_with_body(real), delivery="slow", delay_seconds=fault.delay_seconds or 0)


def _page(fault: Fault) -> Answer:
    return Answer(fault.status_code or 200, _PAGE, media_type="text/html; charset=utf-8")


def _garbage(fault: Fault) -> Answer:
    return Answer(fault.status_code or 200, _GARBAGE)


def _with_body(real: Answer) -> Answer:
    """An answer without a body cannot be cut or slowed down: it becomes a 200 with a small one."""
    return real if real.body else Answer(200, b'{"success": true, "data": null}', headers=real.headers)
