import { AthenaClient, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const athena = new AthenaClient({});
const s3 = new S3Client({});

export const handler = async (event) => {
  await s3.send(new PutObjectCommand({ Bucket: process.env.RESULTS, Key: event.id, Body: "asked" }));
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({ QueryString: "SELECT 1", WorkGroup: process.env.WORK_GROUP }),
  );
  return { query: QueryExecutionId };
};
