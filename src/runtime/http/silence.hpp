#pragma once
// A network that swallows everything looks like a peer that has nothing to say: what the kernel does about
// it.

#include <chrono>
#include <optional>

namespace garita::runtime::http {

/// After so long without a sign of life, be it the bare acknowledgement of a probe, a connection has failed.
inline constexpr std::chrono::seconds longest_silence{25};

/// Has the kernel ask the peer for a sign of life while nothing else is said. Of TCP sockets only.
void watch_for_silence(int socket);

/// For how long nothing at all has come from the peer of this TCP socket, be it closed by the kernel already;
/// empty where it never acknowledged anything (a refusal is no connection).
[[nodiscard]] std::optional<std::chrono::milliseconds> silent_for(int socket);

}  // namespace garita::runtime::http
