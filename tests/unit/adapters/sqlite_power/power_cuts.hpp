#pragma once
// Moments of a store's work at which the power could fail, and what such a cut leaves.

#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "support/temporary_directory.hpp"
#include "unit/adapters/sqlite_power/losing_disk.hpp"

namespace garita::sqlite {

using testing_support::LosingDisk;
using Numbers = std::set<int>;
using Directory = std::unique_ptr<support::TemporaryDirectory>;

/// The disk at a moment, and what had been promised until then.
template <typename Promised>
struct Cut {
    LosingDisk::Contents contents;
    Promised promised;

    [[nodiscard]] Directory leave(std::mt19937& random) const {
        auto directory = std::make_unique<support::TemporaryDirectory>();
        leave_after_cut(contents, directory->path(), random);
        return directory;
    }
};

/// Whether to look at this moment, before a write to the file of that name.
using Choice = std::function<bool(const std::string& name)>;

/// Some among all writes, and as many among those to the database itself, which come only when the log is
/// moved into it.
inline Choice now_and_then(std::mt19937::result_type seed, int of_each_kind) {
    return [random = std::mt19937(seed), of_each_kind, in_file = 0,
            elsewhere = 0](const std::string& name) mutable {
        const bool database = name.ends_with(".db");
        auto& taken = database ? in_file : elsewhere;
        if (taken == of_each_kind || random() % (database ? 40 : 900) != 0) return false;
        ++taken;
        return true;
    };
}
inline Choice every(int nth) {
    return [nth, count = 0](const std::string&) mutable { return ++count % nth == 0; };
}

template <typename Promised>
class Moments {
  public:
    Moments(LosingDisk& disk, Choice choice, std::function<Promised()> promised) : disk_(disk) {
        disk_.before_each([this, choice = std::move(choice),
                           promised = std::move(promised)](const std::string& name) mutable {
            if (choice(name)) cuts_.push_back({disk_.contents(), promised()});
        });
    }
    ~Moments() { disk_.before_each({}); }
    Moments(const Moments&) = delete;
    Moments& operator=(const Moments&) = delete;

    [[nodiscard]] std::vector<Cut<Promised>> take() {
        disk_.before_each({});
        return std::move(cuts_);
    }

  private:
    LosingDisk& disk_;
    std::vector<Cut<Promised>> cuts_;
};

inline void expect_undamaged(const std::string& file) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    std::string said;
    const auto hear = [](void* to, int columns, char** values, char**) {
        for (int i = 0; i < columns; ++i)
            *static_cast<std::string*>(to) += std::string(values[i] != nullptr ? values[i] : "") + "\n";
        return 0;
    };
    EXPECT_EQ(sqlite3_exec(db, "PRAGMA integrity_check; PRAGMA foreign_key_check", hear, &said, nullptr),
              SQLITE_OK);
    EXPECT_EQ(said, "ok\n");
    sqlite3_close(db);
}

}  // namespace garita::sqlite
