export function chunks<T>(all: T[], size: number): T[][] {
  if (size < 1) {
    throw new Error("a chunk holds something");
  }
  const found: T[][] = [];
  for (let at = 0; at < all.length; at += size) {
    found.push(all.slice(at, at + size));
  }
  return found;
}

export const handler = async (event: { ids: string[] }) => chunks(event.ids, 25);
