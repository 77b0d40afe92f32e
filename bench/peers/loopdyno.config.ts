/**
 * `npm run bench:peers`: our loops compared with loops of other runtimes, in one table and the same rounds.
 *
 *   asyncio    CPython's own loop            python/   aiohttp as HTTP client
 *   uvloop     libuv under asyncio's API     python/   likewise
 *   go         the runtime's scheduler       go/       net/http
 *   libuv-c    callbacks on libuv in C       c/        http_parser
 *
 * Each peer is a program that speaks docs/protocol.md and gets the very inputs that our policies get. Its numbers
 * include the cost of its language: the sieve of `primes` is the same loop in all of them. A peer whose runtime is not
 * installed becomes a row that says what to install.
 */
import { defineConfig, type Program } from '../../src/index.js';
import { builtC, builtGo, python } from './found.js';

const jobs = ['primes', 'timers', 'fetch-all'];
/** Streams and protocols. */
const pythons = [...jobs, 'echo', 'echo-protocol'];
/** A read in Go reads into the caller's memory. */
const gos = [...jobs, 'echo', 'echo-into'];
const cs = [...jobs, 'echo', 'echo-into', 'echo-protocol'];

const programs: Program[] = [
  {
    name: 'asyncio',
    summary: "CPython's own loop",
    workloads: pythons,
    find: () => python('asyncio'),
  },
  {
    name: 'uvloop',
    summary: 'libuv under asyncio',
    workloads: pythons,
    find: () => python('uvloop'),
  },
  { name: 'go', summary: 'goroutines, on all cores', workloads: gos, find: builtGo },
  { name: 'libuv-c', summary: 'callbacks on libuv, in C', workloads: cs, find: builtC },
];

export default defineConfig({ programs, budget: '4m' });
