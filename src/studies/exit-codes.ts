/** The exit statuses. They are part of the API. */
export const EXIT = {
  ok: 0,
  /** A cell failed. */
  failed: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** Nothing could be measured. */
  notMeasured: 3,
  /** 128 + SIGINT, as in shells. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const;
