//! Code that modules choose as they load.

use super::{Case, javascript};

/// So many branches that not all paths are run.
fn branches(branch: impl Fn(usize) -> String) -> String {
    (0..12).map(branch).collect()
}

#[test]
fn each_implementation_meets_every_side_of_a_branch() {
    let many = branches(|index| {
        format!("  if (event.f{index}) await s3.send(new DeleteObjectCommand({{ Bucket: 'b{index}' }}));\n")
    });
    let print = javascript(&format!(
        r#"
import {{ S3Client, DeleteObjectCommand }} from "@aws-sdk/client-s3";
import {{ SNSClient, PublishCommand }} from "@aws-sdk/client-sns";

const s3 = new S3Client({{}});
class Nobody {{
  async tell() {{}}
}}
class Everybody {{
  constructor(private readonly sns: SNSClient) {{}}
  async tell() {{
    await this.sns.send(new PublishCommand({{ TopicArn: "t", Message: "m" }}));
  }}
}}
const listeners = process.env.QUIET === "true" ? new Nobody() : new Everybody(new SNSClient({{}}));

export const handler = async (event: any) => {{
{many}
  if (event.first) return;
  if (event.second) return;
  if (event.third) return;
  await listeners.tell();
}};
"#
    ));
    assert!(print.contains("sns:Publish"), "{print}");
}

#[test]
fn each_imported_module_meets_every_side_of_a_branch() {
    let many = branches(|index| {
        format!("    if event['f{index}']:\n        s3.delete_object(Bucket='b{index}', Key='k')\n")
    });
    let handler = format!(
        r#"
import os
import boto3

if os.environ.get("MODE") == "quiet":
    from quiet import tell
else:
    from loud import tell

s3 = boto3.client("s3")

def handler(event, context):
{many}
    if event["first"]:
        return
    if event["second"]:
        return
    if event["third"]:
        return
    tell()
"#
    );
    let loud = "import boto3\n\ndef tell():\n    boto3.client('sns').publish(TopicArn='t', Message='m')\n";
    let files = [("app.py", handler.as_str()), ("quiet.py", "def tell():\n    pass\n"), ("loud.py", loud)];
    let print = Case::new(&files, "handler").print();
    assert!(print.contains("sns:Publish"), "{print}");
}
