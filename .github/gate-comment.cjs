/**
 * The pull request's one comment: made by the first run, updated by the later ones, which find it by the
 * marker in its first line. A fork's token may not write; then the job's summary, which has the same
 * text, is all there is.
 */
const { readFile } = require('node:fs/promises');

module.exports = async ({ github, context, core, report }) => {
  const body = await readFile(report, 'utf8');
  const [marker] = body.split('\n', 1);
  const { owner, repo } = context.repo;
  const issue_number = context.issue.number;
  try {
    const comments = await github.paginate(github.rest.issues.listComments, {
      owner,
      repo,
      issue_number,
    });
    const own = comments.find((comment) => comment.body?.startsWith(marker));
    if (own === undefined) {
      await github.rest.issues.createComment({ owner, repo, issue_number, body });
    } else {
      await github.rest.issues.updateComment({ owner, repo, comment_id: own.id, body });
    }
  } catch (error) {
    if (error.status !== 403) throw error;
    core.notice('The token may not comment on this pull request: the report is in the summary.');
  }
};
