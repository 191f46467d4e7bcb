// The stores that must pass.

#include "adapters/sqlite/sqlite_store.hpp"
#include "contract/store_contract.hpp"
#include "fakes/memory_store.hpp"

namespace garita::store::contract {
namespace {

std::unique_ptr<Store> open_sqlite(const std::string& directory) {
    auto opened = sqlite::SqliteStore::open({.file = directory + "/hub.db"});
    if (!opened) throw std::runtime_error(opened.error().text);
    return std::move(*opened);
}

std::unique_ptr<Store> open_memory(const std::string& /*directory*/) {
    return std::make_unique<fakes::MemoryStore>();
}

}  // namespace

std::vector<StoreKind> all_stores() {
    return {{"memory", open_memory, false}, {"sqlite", open_sqlite, true}};
}

std::string kind_name(const testing::TestParamInfo<StoreKind>& test) {
    return test.param.name;
}

}  // namespace garita::store::contract
