#pragma once

namespace ahdiag {

// Where the reading of a log begins that no call has seen before.
enum class Start { begin, end };

}  // namespace ahdiag
