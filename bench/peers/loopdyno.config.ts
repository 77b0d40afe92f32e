/**
 * `npm run bench:peers`: our loops beside those of other worlds, in one table and the same rounds.
 *
 *   asyncio    CPython's own loop            python/   aiohttp as HTTP client
 *   uvloop     libuv under asyncio's API     python/   likewise
 *   go         the runtime's scheduler       go/       net/http
 *   libuv-c    callbacks on libuv in C       c/        http_parser
 *
 * Each is a program that speaks docs/protocol.md and gets the very inputs that our policies get. What a language
 * costs is in its numbers: the sieve of `primes` is the same loop in all of them. A peer whose runtime is not
 * installed is a row that says what to install.
 */
import { defineConfig, type Program } from '../../src/index.js';
import { builtC, builtGo, python } from './found.js';

const workloads = ['primes', 'timers', 'echo', 'fetch-all'];

const programs: Program[] = [
  { name: 'asyncio', summary: "CPython's own loop", workloads, find: () => python('asyncio') },
  { name: 'uvloop', summary: 'libuv under asyncio', workloads, find: () => python('uvloop') },
  { name: 'go', summary: 'goroutines, on all cores', workloads, find: builtGo },
  { name: 'libuv-c', summary: 'callbacks on libuv, in C', workloads, find: builtC },
];

export default defineConfig({ programs, budget: '4m' });
