#pragma once
// OpenSSL keeps its errors in a queue of the thread; this empties it into one line.

#include <string>

namespace garita::runtime::tls {

/// The reason of the last error of this thread's queue ("no error recorded" where there is none); clears the
/// queue.
[[nodiscard]] std::string take_openssl_error();

}  // namespace garita::runtime::tls
