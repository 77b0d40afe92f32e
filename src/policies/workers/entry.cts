/**
 * What piscina loads in a thread. CommonJS, because piscina tries `require` first, and a thread that is ended while it
 * requires an ES module takes the whole process down (a failed assertion in CreateRequiredModuleFacade, Node 20.20).
 */
import type { ThreadSetup } from './thread-setup.js' with { 'resolution-mode': 'import' };

module.exports = async (setup: ThreadSetup): Promise<void> => {
  const { serve } = await import('./thread.js');
  await serve(setup);
};
