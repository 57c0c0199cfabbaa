# syntax=docker/dockerfile:1

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/mxm
COPY requirements.lock requirements-build.lock ./
RUN /opt/mxm/bin/pip install --require-hashes -r requirements.lock \
 && python -m venv /opt/tools \
 && /opt/tools/bin/pip install --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE hatch_build.py ./
COPY web ./web
COPY src ./src
RUN /opt/tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /build/dist . \
 && /opt/mxm/bin/pip install --no-deps /build/dist/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin mxm \
 && install -d -o mxm -g mxm -m 0700 /data
COPY --from=build /opt/mxm /opt/mxm
ENV PATH=/opt/mxm/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=5000
WORKDIR /data
USER mxm
VOLUME ["/data"]
EXPOSE 5000
# /health is answered under every host name, also when ALLOWED_HOSTS is set.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/health\", timeout=4)"]
CMD ["mxm", "serve"]
