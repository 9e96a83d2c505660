"""Letters and nouns of offices that several readers need."""

import re
from typing import Final

CAPITALS: Final = "".join(
    chr(code) for code in (*range(0x41, 0x5B), *range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)) if chr(code).isupper()
)
SMALLS: Final = "".join(
    chr(code) for code in (*range(0x61, 0x7B), *range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)) if chr(code).islower()
)
CAPITALISED: Final = rf"[{CAPITALS}][\w']*"

# What the name of a body, an office or a bearer of duties begins with.
BODIES: Final = (
    "văn phòng", "phòng", "ban", "sở", "bộ", "vụ", "cục", "chi cục", "tổng cục", "trung tâm", "trường", "khoa", "viện",
    "bệnh viện", "công đoàn", "đoàn", "hội", "hội đồng", "ủy ban", "ubnd", "hđnd", "ubmttq", "mttq", "thường trực",
    "cụm", "khối", "khu vực", "tổ", "tiểu ban", "bộ phận", "đội", "đơn vị", "cơ sở", "cơ quan", "địa phương", "công ty",
    "tổng công ty", "tập đoàn", "xí nghiệp", "nhà máy", "ngân hàng", "chi nhánh", "quỹ", "kho bạc", "công an",
    "quân đội", "mặt trận", "liên đoàn", "liên hiệp", "huyện đoàn", "thành đoàn", "tỉnh đoàn", "quận đoàn", "thị đoàn",
    "xã đoàn", "chi đoàn", "chi hội", "đảng ủy", "đảng bộ", "chi bộ", "cấp ủy", "huyện ủy", "tỉnh ủy", "thành ủy",
    "tòa án", "viện kiểm sát", "thanh tra", "học viện", "trạm", "trung đoàn", "sư đoàn", "đài", "báo", "nhà trường",
    "bộ môn", "lớp", "phường", "xã", "huyện", "quận", "thị xã", "thành phố", "tỉnh", "thads", "trang thông tin",
    "cổng thông tin", "hợp tác xã", "doanh nghiệp", "hiệp hội", "câu lạc bộ", "bảo hiểm xã hội", "hải quan", "thuế",
    "ban chấp hành", "bch", "hđtđkt", "ban giám hiệu", "ban giám đốc", "ban chỉ đạo", "ban tổ chức", "phân hiệu",
    "phòng giao dịch", "hội sở", "tổng hội", "bên", "hạt", "ban biên tập", "ban giám khảo", "ban quản lý",
    "ủy ban mttq",
    "liên đội", "chi đội",
    "tiểu đoàn", "đại đội", "trung đội", "xưởng", "phân xưởng", "binh đoàn", "lữ đoàn", "đồn", "toàn khoa",
    "toàn trường",
    "nông trường", "trại", "bến", "cảng", "làng", "bản", "ấp", "khóm", "buôn", "khu phố", "tổ dân phố", "thôn",
    "khu dân cư",
    "tòa soạn", "nhà xuất bản", "nhà hát", "thư viện", "bảo tàng", "tạp chí", "hệ thống", "liên hiệp hội", "hiệu bộ",
)  # fmt: skip
PEOPLE: Final = (
    "thủ trưởng", "trưởng", "phó", "lãnh đạo", "giám đốc", "hiệu trưởng", "viện trưởng", "chủ tịch", "bí thư",
    "chánh văn phòng", "người đứng đầu", "cán bộ", "công chức", "viên chức", "giảng viên", "giáo viên", "sinh viên",
    "đoàn viên", "đảng viên", "cá nhân", "tập thể", "chi cục trưởng", "cục trưởng", "vụ trưởng", "đồng chí",
    "các thành viên", "thành viên", "tác giả", "người lao động", "nhân viên", "y bác sĩ", "điều dưỡng trưởng",
    "kế toán trưởng",
    "tổng giám đốc", "hội viên", "trưởng ban", "chấp hành viên", "học viên", "học sinh", "ủy viên", "chuyên viên",
    "hộ gia đình", "nhóm trưởng", "cụm trưởng", "khối trưởng", "tổ trưởng", "cơ quan thường trực", "cụm phó",
    "khối phó",
    "đại diện", "đầu mối", "thí sinh", "người dự thi", "ban viên", "đội trưởng", "chánh thanh tra", "chánh án",
    "viện trưởng vks", "đoàn trưởng", "trưởng thôn", "chủ nhiệm", "tổng biên tập", "kiểm sát viên", "văn thư",
    "thủ quỹ", "kế toán", "quản đốc", "thư ký", "cố vấn học tập",
    "cấp cơ sở", "cấp trên cơ sở", "cấp tỉnh", "cấp huyện", "cấp xã",
)  # fmt: skip
_COUNTS: Final = r"(?:(?:tất cả|toàn thể|toàn bộ)\s+)?(?:(?:các|những|mỗi|từng|một số|mọi|hai|cả hai|ba|cả ba)\s+)?"
# What plans speak of in the plural and what can do nothing.
_THINGS: Final = (
    "nội dung", "hoạt động", "nhiệm vụ", "chỉ tiêu", "phong trào", "văn bản", "quy định", "tiêu chí", "tiêu chuẩn",
    "danh hiệu", "hình thức", "biện pháp", "giải pháp", "mục tiêu", "mặt", "lĩnh vực", "công trình", "chương trình",
    "kế hoạch", "chuyên đề", "hội nghị", "hội thi", "hội diễn", "cuộc", "buổi", "lễ", "đợt", "ngày", "tháng", "năm",
    "quý", "tuần", "kỳ", "lần", "giai đoạn", "báo cáo", "hồ sơ", "tài liệu", "thông tin", "ý kiến", "vấn đề",
    "vướng mắc",
    "khó khăn", "trường hợp", "điển hình", "gương", "mô hình", "sáng kiến", "đề tài", "tác phẩm", "bài", "tin", "giải",
    "thủ tục", "bước", "khâu", "tiết", "giờ", "sản phẩm", "dịch vụ", "dự án", "nguồn", "điều", "khoản", "mục", "việc",
    "công việc", "thành tích", "kết quả", "số liệu", "yêu cầu", "nguyên tắc", "quyền", "chế độ", "chính sách", "luật",
    "nghị quyết", "nghị định", "quyết định", "thông tư", "khu", "tuyến", "vùng", "địa bàn", "loại", "phần", "chương",
    "ngành nghề", "giá trị", "kinh nghiệm", "cách", "hạng mục", "chỉ số", "tiến độ", "điểm", "câu", "môn", "phẩm chất",
    "quan điểm", "chủ trương", "đường lối", "sự kiện", "tập quán", "cơ chế", "danh sách", "biểu mẫu", "mẫu", "phụ lục",
    "bảng", "tiêu đề", "khoản mục", "hạn chế", "tồn tại", "nguyên nhân", "ưu điểm", "mức", "kênh", "phương tiện",
    "nền tảng",
)  # fmt: skip
_MANY: Final = (
    rf"(?:các|mỗi|từng|toàn thể|hai|cả hai)\s+(?!(?:{'|'.join(sorted(_THINGS, key=len, reverse=True))})(?!\w))[^\W\d_]+"
    r"(?!\w)"
)
ACTOR_START: Final = re.compile(
    rf"(?:{_COUNTS}(?:{'|'.join(sorted((*BODIES, *PEOPLE), key=len, reverse=True))})|{_MANY})(?!\w)"
    # The same syllables also begin words that are no bodies: tổ chức, hội nghị, ban hành, báo cáo …
    r"(?<!tổ(?= chức))(?<!hội(?= nghị))(?<!hội(?= thi))(?<!hội(?= thao))(?<!hội(?= thảo))(?<!(?<!chi )hội(?= họp))"
    r"(?<!ban(?= hành))"
    r"(?<!báo(?= cáo))(?<!đội(?= ngũ))(?<!bộ(?= máy))(?<!bộ(?= tiêu))(?<!xã(?= hội))(?<!phòng(?= chống))"
    r"(?<!đoàn(?= kết))"
    r"(?<!trường(?= hợp))(?<!khoa(?= học))(?<!trưởng(?= thành))(?<!tập thể(?= dục))(?<!khối(?= lượng))(?<!cụm(?= từ))"
    r"(?<!bản(?= (?:đăng|báo|kế|tổng|tự|mô|dự|giấy|mềm|sao|cam|tóm|giao|thân|in|scan|chính|đề|nhận|tham|thành"
    r"|gốc|word|pdf|chấm|thuyết|kiểm|giải|viết|giới)))"
    r"(?<!bên(?= (?:cạnh|ngoài|trong)))(?<!hệ thống(?= (?:quản lý|phần mềm|thông tin|điện tử|văn bản)))"
    r"(?<!báo(?= chí))(?<!quỹ(?= đất))(?<!công đoàn(?= viên))(?<!hội(?= thi))(?<!hội(?= diễn))"
)
