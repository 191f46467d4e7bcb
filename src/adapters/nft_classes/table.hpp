#pragma once
// The table in the kernel that all classes of a device lie in, and whether anybody else was at work there.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapters/nft_classes/answers.hpp"
#include "adapters/nft_classes/keys.hpp"
#include "adapters/nft_classes/layout.hpp"
#include "model/result.hpp"
#include "runtime/netlink/netlink_socket.hpp"
#include "runtime/nft/transaction.hpp"

namespace garita::nft_classes {

/// Used by one thread at a time; stays in the network namespace of the thread that opened it. Needs
/// CAP_NET_ADMIN.
class NftTable {
  public:
    [[nodiscard]] static Result<std::shared_ptr<NftTable>> open(std::string name = "garita_rules");

    [[nodiscard]] const std::string& name() const { return name_; }

    /// One that is refused as `overtaken` if anybody else commits before it.
    [[nodiscard]] Result<runtime::nft::Transaction> begin();
    /// Empty: committed.
    [[nodiscard]] Result<std::vector<runtime::nft::Refusal>> commit(runtime::nft::Transaction& transaction);
    [[nodiscard]] static bool overtaken(std::span<const runtime::nft::Refusal> refusals);

    /// Grows whenever somebody else has committed anything in this network namespace since the last look.
    [[nodiscard]] Result<std::uint64_t> foreign_commits();

    /// What is there of a class; empty without the table.
    [[nodiscard]] Result<Seen> look(const NftClass& of);
    /// Every element of a set. not_found: there is no such set. `restart`: all will be given again.
    [[nodiscard]] Result<void> list(const std::string& set, const ElementSink& element,
                                    const std::function<void()>& restart);
    /// Those of the keys that are in the class's sets; of a set that is missing none.
    [[nodiscard]] Result<void> look_up(const NftClass& of, const Layout& layout,
                                       std::span<const ElementKey> keys, const ElementSink& element);

    /// Whether a missing element may be taken away without complaint: Linux 6.3. Believed until the kernel
    /// says otherwise.
    enum class Destroy { understood, unknown };
    [[nodiscard]] Destroy destroy() const { return destroy_; }
    void unlearn_destroy() { destroy_ = Destroy::unknown; }

  private:
    NftTable(std::string name, runtime::NetlinkSocket socket)
        : name_(std::move(name)), socket_(std::move(socket)) {}
    template <typename Visit>
    Result<void> dump(std::uint16_t type, std::uint16_t table_attribute, const Visit& visit,
                      const std::function<void()>& restart);

    std::string name_;
    runtime::NetlinkSocket socket_;
    std::optional<std::uint32_t> generation_;  ///< as left by the last commit, or seen by the last look
    std::uint64_t foreign_ = 0;
    Destroy destroy_ = Destroy::understood;
};

/// That the structure of a class could not be changed.
[[nodiscard]] tl::unexpected<Error> refused(const NftTable& table, const NftClass& of,
                                            const runtime::nft::Refusal& refusal);
/// After so many attempts.
[[nodiscard]] tl::unexpected<Error> never_came_through(const NftTable& table);

}  // namespace garita::nft_classes
