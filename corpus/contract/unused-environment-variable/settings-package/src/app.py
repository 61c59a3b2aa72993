from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    level: str


def handler(event, context):
    return {"level": Settings().level}
