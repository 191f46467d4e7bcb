#pragma once
// A directory of its own for each test, and stores in it.

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_agent_store.hpp"
#include "adapters/sqlite/sqlite_store.hpp"

namespace garita::sqlite {

class SqliteTest : public testing::Test {
  protected:
    SqliteTest() {
        auto pattern = (std::filesystem::temp_directory_path() / "garita-sqlite-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
        directory_ = pattern;
    }
    ~SqliteTest() override { std::filesystem::remove_all(directory_); }

    [[nodiscard]] std::filesystem::path hub_file() const { return directory_ / "hub.db"; }
    [[nodiscard]] std::filesystem::path agent_file() const { return directory_ / "agent.db"; }
    [[nodiscard]] std::unique_ptr<SqliteStore> open_hub() const {
        auto opened = SqliteStore::open({.file = hub_file()});
        if (!opened) throw std::runtime_error(opened.error().text);
        return std::move(*opened);
    }
    [[nodiscard]] std::unique_ptr<SqliteAgentStore> open_agent() const {
        auto opened = SqliteAgentStore::open({.file = agent_file()});
        if (!opened) throw std::runtime_error(opened.error().text);
        return std::move(*opened);
    }

    std::filesystem::path directory_;
};

}  // namespace garita::sqlite
