#pragma once
// What of a webhook's URL and header fields must not be shown, should the other side's answer repeat it.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/secret/secret.hpp"

namespace garita::sinks {

/// `user` is "user:password", `target` path and query. Wholes, and those parts of them that are no common
/// words: an answer may repeat a token without the "Bearer" before it. Longest first, so that none is left
/// over of a longer one.
[[nodiscard]] std::vector<std::string> hidden_words(std::string_view user, std::string_view target,
                                                    const std::map<std::string, runtime::Secret>& headers);

}  // namespace garita::sinks
