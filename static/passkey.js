// Says in words why a passkey did not work; the ceremony itself is allauth's script.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.getElementById("passkey_trouble");
  if (!place) return;
  const name = event.detail?.exception?.name;
  place.textContent = name === "InvalidStateError"
    ? "Thiết bị này đã được thêm từ trước."
    : name === "NotAllowedError" || name === "AbortError"
      ? "Chưa dùng được khóa truy cập: thao tác trên thiết bị bị hủy hoặc quá thời gian. Bấm nút để làm lại."
      : "Trình duyệt hoặc thiết bị này chưa dùng được khóa truy cập. Dùng cách khác.";
  place.hidden = false;
});
if (!window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) button.disabled = true;
}
