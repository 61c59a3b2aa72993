// Hands each request to the handler of its route.
import { handler as createTask } from "./create-task";
import { handler as finishTask } from "./finish-task";

type Handle = (event: any, context: any, callback?: any) => any;

const routes: Record<string, Handle> = {
  "POST /tasks": createTask,
  "PUT /tasks/{id}": finishTask,
};

export const handler: Handle = (event, context) => {
  const handle = routes[`${event.httpMethod} ${event.resource}`];
  return handle(event, context);
};
