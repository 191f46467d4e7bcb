#pragma once
// A table SystemEvents of a few rows.

#include <algorithm>
#include <map>
#include <string>

#include "adapters/rsyslog_db/table.hpp"

namespace garita::fakes {

class RowsInMemory final : public rsyslog_db::Table {
  public:
    Result<std::uint64_t> newest() override {
        if (away) return fail(ErrorCode::unavailable, "away", Retry::later);
        return rows.empty() ? 0 : rows.rbegin()->first;
    }
    Result<std::vector<rsyslog_db::Row>> between(std::uint64_t after, std::uint64_t until,
                                                 unsigned most) override {
        widest_asked = std::max(widest_asked, until - after);
        std::vector<rsyslog_db::Row> found;
        for (const auto& [id, text] : rows)
            if (id > after && id <= until && found.size() < most) found.push_back({id, "sw", text});
        return found;
    }
    std::map<std::uint64_t, std::string> rows;
    bool away = false;
    std::uint64_t widest_asked = 0;
};

}  // namespace garita::fakes
