#pragma once
// The real kernel, by nfnetlink. Needs CAP_NET_ADMIN in the network namespace of the thread that opens it.

#include <memory>

#include "adapters/nftables/kernel.hpp"
#include "runtime/netlink/netlink_socket.hpp"

namespace garita::nftables {

class NetlinkKernel final : public NftKernel {
  public:
    [[nodiscard]] static Result<std::unique_ptr<NetlinkKernel>> open();

    NftBatch begin(const std::string& table) override;
    Result<std::vector<Refusal>> commit(NftBatch& batch) override;
    Result<std::uint32_t> generation() override;
    Result<Structure> structure(const std::string& table) override;
    Result<void> list(const std::string& table, const Layer& layer,
                      const std::function<void(const ElementSeen&)>& element,
                      const std::function<void()>& restart) override;

    Result<std::vector<ElementSeen>> look_up(const std::string& table, const Layer& layer,
                                             std::span<const IpNetwork> networks) override;

  private:
    explicit NetlinkKernel(runtime::NetlinkSocket socket) : socket_(std::move(socket)) {}
    Result<Structure::Presence> is_there(std::uint16_t get, std::uint16_t table_attribute,
                                         const std::string& table, std::uint16_t name_attribute,
                                         const char* name);
    Result<void> read_sets(const std::string& table, Structure& structure);
    Result<void> read_rules(const std::string& table, Structure& structure);

    runtime::NetlinkSocket socket_;
};

}  // namespace garita::nftables
