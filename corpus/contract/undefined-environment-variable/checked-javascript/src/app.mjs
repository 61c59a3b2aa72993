const url = process.env.API_URL;
if (!url) {
  throw new Error("API_URL is not set");
}

export const handler = async () => {
  const answer = await fetch(url);
  return answer.json();
};
