import { type Account, BESIDES, ENDS, OUTCOMES } from "../../../ledger/account.ts";
import type { PageData } from "../data.ts";
import { BAD, MEANINGS, number } from "./words.ts";

type Line = keyof Account;

/** The account as the two sums that it is, with whether they add up. */
export function AccountSums({
  account,
  of,
  kind,
}: {
  account: Account;
  of: number;
  kind: PageData["kind"];
}) {
  if (Object.keys(account).length === 0) return null;
  return (
    <section class="account" aria-labelledby="account">
      <h2 id="account">
        Account
        {kind === "merged" && <small> of all runs together</small>}
        {(kind === "audit" || kind === "suite") && of > 1 && (
          <small> of all experiments together</small>
        )}
      </h2>
      <Sum total="published" account={account} lines={OUTCOMES} />
      <Sum total="confirmed" account={account} lines={ENDS} />
      <Besides account={account} />
      {(kind === "suite" || kind === "merged") && (
        <p class="note">
          A limit loses what it says it loses: whether it should have, the table says.
        </p>
      )}
    </section>
  );
}

function Sum({ total, account, lines }: { total: Line; account: Account; lines: readonly Line[] }) {
  const whole = account[total] ?? 0;
  const parts = lines.filter((line) => account[line]);
  if (whole === 0 && parts.length === 0) return null;
  const sum = parts.reduce((all, line) => all + (account[line] ?? 0), 0);
  return (
    <div class="sum">
      <p>
        <Term line={total} count={whole} />
        {parts.length === 0 && <Term line={lines[0] as Line} count={0} sign="=" />}
        {parts.map((line, index) => (
          <Term key={line} line={line} count={account[line] ?? 0} sign={index === 0 ? "=" : "+"} />
        ))}
        <span class={sum === whole ? "adds" : "adds wrong"}>
          {sum === whole ? "✓ adds up" : `✗ ${number(sum)}: does not add up`}
        </span>
      </p>
      <div class="bar" aria-hidden="true">
        {parts.map((line) => (
          <span key={line} class={`part ${line}`} style={{ flexGrow: account[line] ?? 0 }} />
        ))}
      </div>
    </div>
  );
}

function Term({ line, count, sign }: { line: Line; count: number; sign?: string }) {
  return (
    <>
      {sign && <span class="sign">{sign}</span>}
      <span class={BAD.has(line) ? "term bad" : "term"} title={MEANINGS[line]}>
        <span class={`swatch ${line}`} aria-hidden="true" />
        <strong>{number(count)}</strong> {line}
      </span>
    </>
  );
}

function Besides({ account }: { account: Account }) {
  const lines = BESIDES.filter((line) => account[line]);
  if (lines.length === 0) return null;
  return (
    <p class="besides">
      besides:
      {lines.map((line) => (
        <Term key={line} line={line} count={account[line] ?? 0} sign=" " />
      ))}
    </p>
  );
}
