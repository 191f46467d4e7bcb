#pragma once
// Silences as Alertmanager's API v2 writes them.

#include <optional>
#include <string>
#include <string_view>

#include "model/case.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::alertmanager {

struct Silence {
    std::string id;
    Time ends{};
};

/// What the comments of silences of this case begin with. It names the case's time too: a hub with a new
/// store counts from 1 again.
[[nodiscard]] std::string silence_mark(const Case& about);

/// The body of POST /api/v2/silences: all labels of the case must be equal. Fails with `invalid` where the
/// case does not know them exactly.
[[nodiscard]] Result<std::string> write_silence(const Case& about, Time begins, Time ends);

/// In the answer to GET /api/v2/silences: the one whose comment begins so, whatever has become of it.
[[nodiscard]] Result<std::optional<Silence>> find_silence(std::string_view body, std::string_view mark);

/// The id in the answer to POST /api/v2/silences.
[[nodiscard]] Result<std::string> read_silence_id(std::string_view body);

}  // namespace garita::alertmanager
