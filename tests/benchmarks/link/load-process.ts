/** The load, in a process of its own: what it is asked to do is what is timed. */
import { answerQuestions } from "./helper.ts";
import { consume, deleteQueue, publish, publishAndConsume } from "./load.ts";

const answers = { publish, consume, publishAndConsume, deleteQueue };

export type LoadAnswers = typeof answers;

answerQuestions(answers);
