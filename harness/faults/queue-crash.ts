import { evaluate } from "../broker/evaluate.ts";
import { binary } from "./erlang.ts";
import { Injection, type Stage } from "./stage.ts";

export interface CrashOptions {
  /** How often in a row: each time the process that has come in the place of the last. Default 1. */
  times?: number;
  /** What to do while the process is stuck, before it ends: what is sent to it, it never reads. */
  whileStuck?: () => Promise<void>;
}

/** The process that is the queue at the time. */
const current = (vhost: string, queue: string) => `
  Current = fun() ->
    {ok, Queue} = rabbit_amqqueue:lookup(
      rabbit_misc:r(${binary(vhost)}, queue, ${binary(queue)})),
    case amqqueue:get_pid(Queue) of {Server, _} -> whereis(Server); Pid -> Pid end
  end,`;

const SUSPEND = "sys:suspend(Current()).";

/**
 * Kills the process, so many times in a row. Prints the reason of each end, as a monitor was told
 * it, and what the queue is at last: `running`, or `gone` where no process has come for a second.
 */
const kill = (times: number) => `
  Next = fun Next(_, 0) -> gone;
    Next(Last, Tries) ->
      case Current() of
        Pid when is_pid(Pid), Pid =/= Last -> Pid;
        _ -> timer:sleep(10), Next(Last, Tries - 1)
      end
  end,
  Kill = fun(Pid) ->
    Monitor = monitor(process, Pid),
    exit(Pid, kill),
    receive {'DOWN', Monitor, process, Pid, Reason} -> Reason after 1000 -> alive end
  end,
  Crash = fun Crash(Pid, 0, Reasons) -> {Reasons, if is_pid(Pid) -> running; true -> gone end};
    Crash(gone, _, Reasons) -> {Reasons, gone};
    Crash(Pid, Times, Reasons) ->
      Reason = Kill(Pid),
      Crash(Next(Pid, 100), Times - 1, [Reason | Reasons])
  end,
  Crash(Next(none, 100), ${times}, []).`;

/**
 * Crashes a queue's own process. Its witness is a monitor on the broker's node, which says what
 * each process ended of.
 *
 * @returns whether the queue runs again: after too many crashes it is not started any more.
 */
export async function crashQueue(
  stage: Stage,
  queue: string,
  { times = 1, whileStuck }: CrashOptions = {},
): Promise<boolean> {
  const { broker, history, vhost } = stage;
  const about = { fault: "queue-crash", target: "broker", moment: "now" } as const;
  const injection = Injection.begin(history, about);
  const process = current(vhost, queue);
  if (whileStuck) {
    await evaluate(broker, process + SUSPEND);
    await whileStuck();
  }
  const seen = await evaluate(broker, process + kill(times));
  const killed = seen.match(/\bkilled\b/g)?.length ?? 0;
  if (killed !== times) throw new Error(`${queue} crashed ${killed} of ${times} times: ${seen}`);
  const runsAgain = !/\bgone\b/.test(seen);
  const since = runsAgain ? "it runs again" : "it has not been started again";
  injection.witnessed(`${queue}: its process was killed ${times} times, and ${since}`);
  return runsAgain;
}
