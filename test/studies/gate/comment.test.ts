import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MARKER } from '#dist/src/studies/gate/render/markdown.js';

interface Comment {
  id: number;
  body: string | null;
}

const comment = createRequire(import.meta.url)('../../../.github/gate-comment.cjs') as (of: {
  github: object;
  context: object;
  core: object;
  report: string;
}) => Promise<void>;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-comment-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A pull request with these comments, and what was done to it. */
async function run(body: string, comments: Comment[], status: number | null = null) {
  const report = join(folder, 'gate.md');
  await writeFile(report, body);
  const notices: string[] = [];
  const write = (act: () => void) => async () => {
    if (status !== null) throw Object.assign(new Error('refused'), { status });
    act();
  };
  const issues = {
    listComments: () => {},
    createComment: (of: { body: string; issue_number: number }) =>
      write(() => comments.push({ id: of.issue_number * 100, body: of.body }))(),
    updateComment: (of: { body: string; comment_id: number }) =>
      write(() => {
        (comments.find(({ id }) => id === of.comment_id) as Comment).body = of.body;
      })(),
  };
  await comment({
    github: { rest: { issues }, paginate: async () => comments },
    context: { repo: { owner: 'o', repo: 'r' }, issue: { number: 7 } },
    core: { notice: (text: string) => notices.push(text) },
    report,
  });
  return { comments, notices };
}

describe('the comment of a pull request', () => {
  it('is made once, then updated, and leaves the others alone', async () => {
    const others = [
      { id: 1, body: 'looks good' },
      { id: 2, body: null },
    ];
    const first = await run(`${MARKER}\n\none\n`, [...others]);
    expect(first.comments).toEqual([...others, { id: 700, body: `${MARKER}\n\none\n` }]);
    const second = await run(`${MARKER}\n\ntwo\n`, first.comments);
    expect(second.comments).toEqual([...others, { id: 700, body: `${MARKER}\n\ntwo\n` }]);
  });

  it('is only missing where a token may not write, as a fork has one', async () => {
    const { comments, notices } = await run(`${MARKER}\n\none\n`, [], 403);
    expect(comments).toEqual([]);
    expect(notices).toEqual([expect.stringContaining('summary')]);
  });

  it('does not hide any other fault', async () => {
    await expect(run(`${MARKER}\n\none\n`, [], 500)).rejects.toThrow('refused');
  });
});
