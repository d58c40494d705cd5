// httpd ends the program behind ErrorLog "|…" at a restart, and waits for it; at a graceful one, children of before
// still write into its pipe. So the process that httpd knows ends at once, and its own copy reads on until the last
// writer has gone. No program is started.
#pragma once

namespace ahdiag {

// Returns in the copy; the process that called ends with this status. Where no copy can be made it returns false.
// Only while there is no other thread.
bool hand_over(int status);

}  // namespace ahdiag
