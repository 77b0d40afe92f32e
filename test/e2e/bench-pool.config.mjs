/** The configuration of `npm run bench:pool`, with one case of each workload. */
import config from '#dist/bench/pool/loopdyno.config.js';

const cases = [{ inFlight: 3 }];

export default { ...config, workloads: config.workloads.map((each) => ({ ...each, cases })) };
