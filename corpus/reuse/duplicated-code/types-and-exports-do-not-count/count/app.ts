function chunks(all: string[], size: number) { //~ duplicated-code
  if (size < 1) {
    throw new Error("a chunk holds something");
  }
  const found: string[][] = [];
  for (let at = 0; at < all.length; at += size) {
    found.push(all.slice(at, at + size));
  }
  return found;
}

export const handler = async (event: { names: string[] }) => ({ pages: chunks(event.names, 10).length });
