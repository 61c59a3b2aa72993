import { AthenaClient, StartQueryExecutionCommand } from "@aws-sdk/client-athena";

const client = new AthenaClient({});

export const handler = async () => {
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({ QueryString: "SELECT 1", WorkGroup: process.env.WORK_GROUP }),
  );
  return { query: QueryExecutionId };
};
