export const name = 'ours';
