"""Faults put into the integration by hand: each must show as a difference."""

FAULTS = {
    "the message is not encoded": ("$util.urlEncode($input.body)", "$input.body"),
    "the message is written anew": ("$util.urlEncode($input.body)", "$util.urlEncode($input.json('$'))"),
    "the message is wrapped": ("$util.urlEncode($input.body)", "$util.urlEncode(\"[$input.body]\")"),
    "nothing is sent": ("Action=SendMessage", "Action=GetQueueAttributes"),
    "it is delayed": ("Action=SendMessage", "Action=SendMessage&DelaySeconds=900"),
    "it goes to another queue": ("/Orders", "/Others"),
    "the answer has no identifier": ("SendMessageResult.MessageId", "SendMessageResult.Id"),
}
