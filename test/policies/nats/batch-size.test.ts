import { expect, it } from 'vitest';
import { BatchSize } from '#dist/src/policies/nats/batch-size.js';

it('messages grow while they are answered soon, and stay where they take longer', () => {
  const size = new BatchSize();
  expect([size.known, size.most]).toEqual([false, 1]);
  for (let message = 0; message < 20; message++) size.learn(size.most, 1);
  expect([size.known, size.most]).toEqual([true, 256]);
  size.learn(256, 15);
  expect(size.most).toBe(256);
  size.learn(256, 30);
  expect(size.most).toBe(128);
});

it('messages that were not full do not grow: nothing is known of larger ones', () => {
  const size = new BatchSize();
  for (let message = 0; message < 3; message++) size.learn(size.most, 1);
  expect(size.most).toBe(8);
  size.learn(4, 1);
  expect(size.most).toBe(8);
});

it('one long job sends the others alone', () => {
  const size = new BatchSize();
  for (let message = 0; message < 8; message++) size.learn(size.most, 1);
  size.learn(16, 500);
  expect(size.most).toBe(1);
});
