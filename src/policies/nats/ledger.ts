/** What became of the jobs of one loop, counted where they are submitted. */
export interface Ledger extends Record<string, number> {
  submitted: number;
  /** Settled by an answer: a result or an error. */
  answered: number;
  /** Given up by the program itself. */
  cancelled: number;
  /** Failed here, without an answer: they could not be sent or stored. */
  unsent: number;
  /** Never answered within their deadline. */
  lost: number;
  /** Refused by the store: another delivery had taken over, or had answered. Nobody saw them. */
  late: number;
  /** Answers of jobs that were settled already. Nobody saw them. */
  doubled: number;
  /** Deliveries after the first: an agent had died or was cut off. */
  redelivered: number;
  /** Given back by an agent that has other code, and sent again. */
  refused: number;
  /** Messages of jobs. */
  messages: number;
  /** Times that the connection was lost and came back. */
  reconnected: number;
}

export function newLedger(): Ledger {
  return {
    submitted: 0,
    answered: 0,
    cancelled: 0,
    unsent: 0,
    lost: 0,
    late: 0,
    doubled: 0,
    redelivered: 0,
    refused: 0,
    messages: 0,
    reconnected: 0,
  };
}

/** One line, such as `20,000 jobs: 20,000 answered; 0 lost, 3 late, 0 doubled`. */
export function ledgerLine(ledger: Readonly<Record<string, number>>): string {
  const said = (value: number): string => value.toLocaleString('en-US');
  const { submitted = 0, answered = 0, lost = 0, late = 0, doubled = 0, ...rest } = ledger;
  const { messages = 0, ...others } = rest;
  const more = Object.entries(others)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `, ${said(value)} ${name}`)
    .join('');
  return (
    `${said(submitted)} jobs in ${said(messages)} messages: ${said(answered)} answered; ` +
    `${said(lost)} lost, ${said(late)} late, ${said(doubled)} doubled${more}`
  );
}
