import { expect, it } from 'vitest';
import { committedIcon, drawIcons } from './build-icons.mjs';

it('the committed icons are what their drawing gives, in every size', async () => {
  const icons = await drawIcons();
  expect(icons.size).toBe(12);
  for (const [name, bytes] of icons) expect(committedIcon(name).equals(bytes), name).toBe(true);
  const large = icons.get('icons/256x256.png');
  expect([large.readUInt32BE(16), large.readUInt32BE(20)]).toEqual([256, 256]);
});
