import { describe, expect, it } from "vitest";
import { MAX_ROWS } from "./limits";
import { parseCsv } from "./parse";

const rows = (text: string) => parseCsv(text).rows;

describe("shapes that spreadsheets write", () => {
  it.each([
    ["commas and line feeds", "username,password\nalex,Abcd1234\nkim,\n"],
    ["semicolons, CRLF and a byte order mark", "\uFEFFusername;password\r\nalex;Abcd1234\r\nkim;\r\n"],
    ["tabs, and no line break at the end", "username\tpassword\nalex\tAbcd1234\nkim\t"],
    ["old line breaks", "username,password\ralex,Abcd1234\rkim,"],
    ["quotes", '"username","password"\n"alex","Abcd1234"\n"kim",""\n'],
  ])("%s", (_, text) => {
    expect(rows(text)).toEqual([
      { line: "2", username: "alex", password: "Abcd1234" },
      { line: "3", username: "kim" },
    ]);
    expect(parseCsv(text).problems).toEqual([]);
  });

  it("a single column", () => {
    expect(rows("email\na@example.com\nb@example.com")).toEqual([
      { line: "2", email: "a@example.com" },
      { line: "3", email: "b@example.com" },
    ]);
  });

  it("marks, quotes and line breaks inside of quotes", () => {
    expect(rows('user,pass,recovery\nalex,"a,b;""C1""\nx",a@b.org\nkim,Abcd1234,\n')).toEqual([
      { line: "2", username: "alex", password: 'a,b;"C1"\nx', recovery_email: "a@b.org" },
      { line: "4", username: "kim", password: "Abcd1234" },
    ]);
  });
});

describe("columns", () => {
  it("are understood in any case, order and by any name that the server takes", () => {
    const { rows, columns, ignored } = parseCsv(
      " Recovery ,Notes,ADDRESS,Pass,Quota,LIMIT,Domain,line\nr@b.org,hi,a@b.org,p,5,6,d.org,77",
    );
    expect(rows).toEqual([
      {
        line: "2",
        recovery_email: "r@b.org",
        email: "a@b.org",
        password: "p",
        quota: "5",
        limit: "6",
        domain: "d.org",
      },
    ]);
    expect(columns).toEqual(["Recovery", "ADDRESS", "Pass", "Quota", "LIMIT", "Domain"]);
    expect(ignored).toEqual(["Notes", "line"]);
  });

  it("keep their cells as they are", () => {
    expect(rows("username,password,recovery_email\n'=alex, pass word ,'+r@b.org")).toEqual([
      { line: "2", username: "'=alex", password: " pass word ", recovery_email: "'+r@b.org" },
    ]);
  });

  it("must name the mailbox", () => {
    expect(parseCsv("alex@example.com,Abcd1234\nkim@example.com,Abcd1234").problems).toEqual([
      { kind: "noName", columns: "alex@example.com, Abcd1234" },
    ]);
    expect(parseCsv("email,mailbox\na@b.org,c@b.org").problems).toEqual([{ kind: "twice", column: "mailbox" }]);
  });
});

describe("lines", () => {
  it("are those of the file, blank ones counted and skipped", () => {
    expect(rows("\r\nusername,password\r\n\r\nalex,\r\n , \r\n,\r\nkim,\r\n\r\n").map((row) => row.line)).toEqual([
      "4",
      "7",
    ]);
  });

  it("may be short, and long only by blank cells", () => {
    const { rows, problems } = parseCsv("username,password,quota\nalex\nkim,Abcd1234,5,,\n");
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      { line: "2", username: "alex" },
      { line: "3", username: "kim", password: "Abcd1234", quota: "5" },
    ]);
  });

  it("are told when they break", () => {
    expect(parseCsv("username;password\nalex;a;b\nkim;ok").problems).toEqual([
      { kind: "cells", line: 2, found: 3, wanted: 2, mark: ";" },
    ]);
    expect(parseCsv('username,password\nalex,ok\nkim,"never closed\nlee,ok\n').problems).toEqual([
      { kind: "quote", line: 3 },
    ]);
    expect(parseCsv('username,password\nalex,"a"b\nkim,ok\n').problems[0]).toMatchObject({ line: 2 });
  });
});

it("knows when there is nothing, and when there is too much", () => {
  expect(parseCsv("").problems).toEqual([{ kind: "empty" }]);
  expect(parseCsv("username,password\n\n").problems).toEqual([{ kind: "empty" }]);
  const many = `username\n${"a\n".repeat(MAX_ROWS)}`;
  expect(parseCsv(many).problems).toEqual([]);
  expect(parseCsv(`${many}b\n`).problems).toEqual([{ kind: "many", found: MAX_ROWS + 1 }]);
});
