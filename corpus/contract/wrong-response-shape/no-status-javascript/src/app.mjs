export const handler = async () => {
  return { orders: [] }; //~ wrong-response-shape
};
