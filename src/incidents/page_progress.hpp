#pragma once
// Whether the pages of a list go on: a server that gives the same page again and again must not be asked
// without end.

#include <functional>
#include <string>
#include <unordered_set>

#include "incidents/incident_source.hpp"

namespace garita::incidents {

/// Of one list.
class PageProgress {
  public:
    enum class Next {
        more,  ///< there may be further pages
        end,   ///< everything that the list has was read
        same,  ///< nothing in this page is new, and the list has more
    };
    /// `asked_for`: entries of a page.
    [[nodiscard]] Next take(const Page& page, std::size_t asked_for) {
        const auto before = read_;
        for (const auto& incident : page.incidents)
            if (seen_.insert(std::hash<std::string>{}(incident.id)).second) ++read_;
        read_ += page.read - page.incidents.size();
        const bool is_senseless = page.incidents.empty();  // forgiven a few times
        if (page.read == 0) return Next::end;
        if (static_cast<std::int64_t>(read_) >= page.total && page.read < asked_for) return Next::end;
        if (is_senseless ? ++senseless_ > most_senseless : read_ == before) return Next::same;
        return Next::more;
    }
    /// Entries, each once.
    [[nodiscard]] std::size_t read() const { return read_; }

  private:
    static constexpr int most_senseless = 10;
    std::unordered_set<std::size_t> seen_;  ///< hashes of ids: a list may be long
    std::size_t read_ = 0;
    int senseless_ = 0;
};

}  // namespace garita::incidents
