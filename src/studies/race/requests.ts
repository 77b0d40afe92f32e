/** `--requests`: paths, a file of requests as JSON, or what a browser recorded (HAR). */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { HttpRequest } from '../../fixture/server/requests.js';
import { quote } from '../../text/errors.js';
import { UsageError } from '../../text/usage.js';
import { valueAt } from '../../text/value-at.js';

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const method = z
  .string()
  .regex(TOKEN, 'takes a method such as GET')
  .transform((text) => text.toUpperCase());
const path = z.string().regex(/^\/[!-~]*$/, 'takes a path that begins with / and has no spaces');
const headers = z.record(
  z.string().regex(TOKEN, 'takes the name of a header'),
  z.string().regex(/^[^\r\n\0]*$/, 'takes a value without line ends'),
);

const RequestSchema = z.union([
  path.transform((text) => ({ method: 'GET', path: text, headers: {}, body: undefined })),
  z.strictObject({
    method: method.default('GET'),
    path,
    headers: headers.default({}),
    body: z.unknown().optional(),
  }),
]);
const ListSchema = z.array(RequestSchema).min(1, 'takes at least one request');

const HarSchema = z.object({
  log: z.object({
    entries: z
      .array(
        z.object({
          request: z.object({
            method,
            url: z.url(),
            headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
            postData: z.object({ text: z.string().default('') }).optional(),
          }),
        }),
      )
      .min(1, 'has no entries'),
  }),
});

/** Of the connection, which is the client's own; and HTTP/2's. */
const NOT_SENT =
  /^(:.*|host|connection|keep-alive|proxy-.*|content-length|transfer-encoding|expect|upgrade)$/i;

export function requestsOf(given: readonly string[]): HttpRequest[] {
  return given.flatMap((each) => {
    const isPath = each.startsWith('/') && !/\.(json|har)$/.test(each);
    return isPath ? listed([each], '--requests') : inFile(each);
  });
}

function inFile(file: string): HttpRequest[] {
  if (!existsSync(file)) {
    throw new UsageError(
      `there is no file '${file}' for --requests: it takes one, or paths such as /`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`'${file}' is no JSON: ${(error as Error).message}`);
  }
  const isHar = typeof content === 'object' && content !== null && 'log' in content;
  return isHar ? recorded(content as object, file) : listed(content as object, file);
}

function listed(content: object, place: string): HttpRequest[] {
  return parsed(ListSchema, content, place).map((request) => {
    const named = Object.entries(request.headers);
    const { body = null } = request;
    if (body === null || typeof body === 'string') return { ...request, headers: named, body };
    const hasType = named.some(([name]) => /^content-type$/i.test(name));
    const type: [string, string][] = hasType ? [] : [['content-type', 'application/json']];
    return { ...request, headers: [...named, ...type], body: JSON.stringify(body) };
  });
}

function recorded(content: object, place: string): HttpRequest[] {
  return parsed(HarSchema, content, place).log.entries.map(({ request }) => {
    const { pathname, search } = new URL(request.url);
    return {
      method: request.method,
      path: pathname + search,
      headers: request.headers
        .filter(
          ({ name, value }) => !NOT_SENT.test(name) && TOKEN.test(name) && !/[\r\n\0]/.test(value),
        )
        .map(({ name, value }): [string, string] => [name, value]),
      body: request.postData?.text ?? null,
    };
  });
}

function parsed<T>(schema: z.ZodType<T>, content: object, place: string): T {
  const { data, error } = schema.safeParse(content);
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return data as T;
  const inner = issue.code === 'invalid_union' ? issue.errors.flat().at(-1) : undefined;
  const at = [...issue.path, ...(inner?.path ?? [])];
  throw new UsageError(
    `${place}: ${z.core.toDotPath(at) || 'it'} is ${quote(valueAt(content, at))}: ${(inner ?? issue).message}`,
  );
}
