/**
 * A generated graph whose neighbours must be requested, and its breadth-first traversal.
 *
 *   level ─▶ batches of nodes ─▶ requested, a few at a time ─▶ nodes not seen before ─▶ next level
 *
 * Requests wait and marking computes, so the work is bound by both. O(nodes + edges), one byte per node.
 */
import { gather } from '../../loop/combine.js';
import type { Coroutine, Loop } from '../../loop/policy.js';
import { Semaphore } from '../../loop/sync.js';

/**
 * Three neighbours per node. The last one leads through all nodes if 7919 and the number of nodes have no common
 * divisor.
 */
export function neighboursOf(node: number, nodes: number): number[] {
  return [(2 * node + 1) % nodes, (3 * node + 2) % nodes, (node + 7919) % nodes];
}

export interface Traversal {
  readonly start: number;
  /** The number of nodes. Nodes are numbered from 0. */
  readonly nodes: number;
  /** How many nodes are in one request, and how many requests are under way at most. */
  readonly batch: number;
  readonly atOnce: number;
  /** Requests the neighbours of all given nodes. */
  readonly ask: (nodes: readonly number[]) => Coroutine<readonly number[]>;
}

/** The nodes of each level, in the order in which they were found. */
export function* traverse(loop: Loop, traversal: Traversal): Coroutine<number[][]> {
  const { start, nodes, batch, atOnce, ask } = traversal;
  const slots = new Semaphore(loop, atOnce);
  const seen = new Uint8Array(nodes);
  const levels: number[][] = [];
  seen[start] = 1;
  for (let level = [start]; level.length > 0;) {
    levels.push(level);
    const batches: number[][] = [];
    for (let at = 0; at < level.length; at += batch) batches.push(level.slice(at, at + batch));
    level = [];
    const answers = yield* gather(
      loop,
      batches.map((each) => () => slots.hold(() => ask(each))),
    );
    for (const node of answers.flat()) {
      if (seen[node] === 1) continue;
      seen[node] = 1;
      level.push(node);
    }
  }
  return levels;
}
