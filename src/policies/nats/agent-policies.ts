/** The policies that may run an agent's jobs. */
export const AGENT_POLICIES = ['microtask', 'workers', 'processes'] as const;
export type AgentPolicy = (typeof AGENT_POLICIES)[number];
