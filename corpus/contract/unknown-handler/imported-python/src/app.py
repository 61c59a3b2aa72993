from tell import handler
