import type { Account, Verdict } from "../ledger/verdict.ts";
import type { AuditResult } from "../report/audit-result.ts";
import type { Rig } from "../scenario/rig.ts";
import { type Answer, accountAnswer, hold, losses } from "./answers.ts";
import { auditHold, auditLosses } from "./audit-answers.ts";
import {
  type Evidence,
  evidenceFrom,
  evidenceOf,
  isAuditResult,
  isRig,
  isVerdict,
  requireAccount,
} from "./evidence.ts";

/** Of a rig the answer takes a while: everything runs to its end first. */
type AnswerFor<Received, R> = Received extends Rig ? Promise<void> : R;

/** What `expect` can say of a rig, a verdict, an account or an audit. */
export interface AckproofMatchers<R, T> {
  /**
   * No task was lost: every one that the broker has confirmed came to an end, and nothing that a
   * worker has acked was left undone. Of a rig, everything runs to its end first: await it. Of an
   * audit, it is said of all trials; an account alone is taken at its word.
   *
   * @throws {Inconclusive} also behind `not`, where the run proves nothing.
   */
  toLoseNothing: () => AnswerFor<T, R>;
  /**
   * The whole account of a rig or a verdict, or an account itself, is this one: a line that is
   * absent is zero. Of a rig, everything runs to its end first: await it.
   *
   * @throws {Inconclusive} also behind `not`, where the run proves nothing.
   */
  toHaveAccount: (expected: Account) => AnswerFor<T, R>;
  /**
   * The verdict is `held`. Of a rig or a verdict: no task was lost, done twice, left or unexpected,
   * and none was acked before its effect. Of an audit: the worker is convicted of nothing that is
   * not allowed, and nothing is in doubt.
   *
   * @throws {Inconclusive} also behind `not`, where it proves nothing.
   */
  toHold: () => AnswerFor<T, R>;
}

declare module "vitest" {
  interface Matchers<R, T> extends AckproofMatchers<R, T> {}
}

type Subject = Rig | Verdict | Account | AuditResult;

export const matchers = {
  toLoseNothing(received: Subject) {
    if (isAuditResult(received)) return auditLosses(received);
    return of(received, "toLoseNothing", losses);
  },
  toHaveAccount(received: Rig | Verdict | Account, expected: Account) {
    requireAccount(expected, "toHaveAccount expects an account");
    return of(received, "toHaveAccount", (evidence) => accountAnswer(evidence, expected));
  },
  toHold(received: Rig | Verdict | AuditResult) {
    if (isAuditResult(received)) return auditHold(received);
    if (!isRig(received) && !isVerdict(received)) {
      throw new TypeError("toHold takes a rig, a verdict or an audit's result.");
    }
    return of(received, "toHold", hold);
  },
};

function of(
  received: Rig | Verdict | Account,
  matcher: string,
  answer: (evidence: Evidence) => Answer,
): Answer | Promise<Answer> {
  if (isRig(received)) return evidenceFrom(received).then(answer);
  if (!isVerdict(received)) {
    requireAccount(received, `${matcher} takes a rig, a verdict, an account or an audit's result`);
  }
  return answer(evidenceOf(received));
}
