// httpd ends the program behind ErrorLog "|…" at a restart, and waits for it; at a graceful one, children of before
// still write into its pipe. So the process that httpd knows ends at once, and its own copy reads on until the last
// writer has gone. No program is started.
#pragma once

namespace ahdiag {

// True in the copy; false in the process that called, also where no copy can be made. Only while there is no other
// thread.
bool hand_over();

}  // namespace ahdiag
