import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

export class CartStore {
  private readonly client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

  constructor(private readonly table: string) {}

  async remove(cartId: string): Promise<void> {
    await this.client.send(new DeleteCommand({ TableName: this.table, Key: { cartId } }));
  }
}
