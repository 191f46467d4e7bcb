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

const auto kind_name = [](const auto& test) { return test.param.name; };

}  // namespace

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         testing::Values(StoreKind{"memory", open_memory, false},
                                         StoreKind{"sqlite", open_sqlite, true}),
                         kind_name);

}  // namespace garita::store::contract
