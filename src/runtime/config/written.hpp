#pragma once
// What a file says, setting by setting: so that two readings of it can be compared.

#include <map>
#include <string>
#include <vector>

#include "runtime/config/settings.hpp"

namespace garita::runtime {

struct WrittenSetting {
    std::string text;  ///< as written, or the default; of a secret only a hash
    TakenUp taken_up = TakenUp::on_start;
};

/// By path ("agents.web1.code"); a list is one setting.
using WrittenSettings = std::map<std::string, WrittenSetting>;

/// The document has to be fine.
[[nodiscard]] WrittenSettings written_settings(const Document& document);

/// Paths that differ and are taken up so, in alphabetical order. What is written otherwise and means the same
/// (60s, 1m) counts as changed.
[[nodiscard]] std::vector<std::string> changed_settings(const WrittenSettings& before,
                                                        const WrittenSettings& after, TakenUp taken_up);

}  // namespace garita::runtime
