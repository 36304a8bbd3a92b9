import { expect, test } from "vitest";
import type { Account } from "../../../harness/ledger/account.ts";
import { accountInShort, accountInWords } from "../../../harness/report/account-words.ts";

const ACCOUNTS: [Account, words: string, short: string][] = [
  [{}, "nothing published", "nothing published"],
  [
    { published: 100, confirmed: 100, completed: 98, duplicated: 2 },
    "100 published = 100 confirmed = 98 completed + 2 duplicated",
    "98 completed + 2 duplicated",
  ],
  [
    { published: 100, confirmed: 97, unknown: 3, completed: 97, recovered: 1 },
    "100 published = 97 confirmed + 3 unknown; 97 confirmed = 97 completed; besides, 1 recovered",
    "97 completed, 3 unknown, 1 recovered",
  ],
  [
    { published: 5, returned: 2, refused: 3 },
    "5 published = 2 returned + 3 refused",
    "2 returned + 3 refused",
  ],
  [{ unexpected: 2 }, "2 unexpected", "2 unexpected"],
  // A zero that someone wrote down is as absent as one that nobody did.
  [
    { published: 1, confirmed: 1, completed: 1, lost: 0 },
    "1 published = 1 confirmed = 1 completed",
    "1 completed",
  ],
  // What does not add up is shown as it is: conservation is the ledger's to assert.
  [
    { published: 2, confirmed: 1, completed: 2 },
    "2 published = 1 confirmed; 1 confirmed = 2 completed",
    "2 completed",
  ],
];

test.each(ACCOUNTS)("%j", (account, words, short) => {
  expect([accountInWords(account), accountInShort(account)]).toEqual([words, short]);
});
