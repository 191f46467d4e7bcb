#pragma once
// The store that a test stands on: in memory, or the real one where the folder's CMakeLists.txt says so.

#include <memory>

#include "store/store.hpp"

#ifdef GARITA_TEST_ON_SQLITE
#include <filesystem>
#include <stdexcept>
#include <stdlib.h>
#include <string>

#include "adapters/sqlite/sqlite_store.hpp"
#else
#include "fakes/memory_store.hpp"
#endif

namespace garita::tests {

#ifdef GARITA_TEST_ON_SQLITE

class StoreUnderTest {
  public:
    StoreUnderTest() {
        std::string pattern = std::filesystem::temp_directory_path() / "garita-desk-XXXXXX";
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no directory for a store");
        directory_ = pattern;
        auto opened = sqlite::SqliteStore::open({.file = directory_ / "hub.db"});
        if (!opened) throw std::runtime_error(opened.error().text);
        store_ = std::move(*opened);
    }
    StoreUnderTest(const StoreUnderTest&) = delete;
    StoreUnderTest& operator=(const StoreUnderTest&) = delete;
    ~StoreUnderTest() {
        store_.reset();
        std::filesystem::remove_all(directory_);
    }
    [[nodiscard]] store::Store& store() { return *store_; }

  private:
    std::filesystem::path directory_;
    std::unique_ptr<store::Store> store_;
};

#else

class StoreUnderTest {
  public:
    [[nodiscard]] store::Store& store() { return store_; }

  private:
    fakes::MemoryStore store_;
};

#endif

}  // namespace garita::tests
