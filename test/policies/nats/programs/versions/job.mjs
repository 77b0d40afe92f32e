import { name } from './imported.mjs';

export const version = () => name;
