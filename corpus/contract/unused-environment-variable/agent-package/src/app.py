from strands import Agent
from strands_tools import retrieve

agent = Agent(tools=[retrieve])


def handler(event, context):
    return str(agent(event["question"]))
