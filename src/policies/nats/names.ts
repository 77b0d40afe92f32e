/**
 * The names of one queue at the server. Each part of a subject has one meaning:
 *
 *   Q.jobs.SUBMITTER.MESSAGE       stream Q-jobs, a work queue: a message of one or more jobs
 *   Q.answers.SUBMITTER.MESSAGE    stream Q-answers: what became of them, in one or more parts
 *   Q.notes.SUBMITTER              not stored: what an agent has to say beside its answers
 *   Q.cancel                       not stored: a job that nobody wants any more
 *   Q.here, Q.hello                not stored: an agent says that it lives; somebody asks who does
 */

/** What a part of a subject may be; anything else could address other subjects. */
const PART = /^[\w-]{1,64}$/;

export function isPart(text: string): boolean {
  return PART.test(text);
}

export class Names {
  /** The one consumer that all agents share. */
  readonly consumer = 'agents';
  readonly jobs: string;
  readonly answers: string;
  readonly cancel: string;
  readonly here: string;
  readonly hello: string;
  private readonly queue: string;

  constructor(queue: string) {
    this.queue = queue;
    this.jobs = `${queue}-jobs`;
    this.answers = `${queue}-answers`;
    this.cancel = `${queue}.cancel`;
    this.here = `${queue}.here`;
    this.hello = `${queue}.hello`;
  }

  job(submitter: string, message: string): string {
    return `${this.queue}.jobs.${submitter}.${message}`;
  }

  answer(submitter: string, message: string): string {
    return `${this.queue}.answers.${submitter}.${message}`;
  }

  notes(submitter: string): string {
    return `${this.queue}.notes.${submitter}`;
  }

  /** From whom a message of jobs is, and its own name; null if its subject is none of these. */
  read(subject: string): { readonly submitter: string; readonly message: string } | null {
    const [submitter = '', message = '', ...more] = subject
      .slice(`${this.queue}.jobs.`.length)
      .split('.');
    return isPart(submitter) && isPart(message) && more.length === 0
      ? { submitter, message }
      : null;
  }
}
