"""Every regional STS endpoint that AWS lists, as plain rows.

The columns are partition, region, English place, Japanese place, enabled by default, can be deactivated. Where
each comes from:

- partition, region and host: botocore's `endpoints.json`, `partitions.json` and the rule set of STS. Regions that stand
  in `partitions.json` without an STS endpoint (`me-west-1` and `sa-west-1` in botocore 1.44) are left out.
- English place: the region's name in botocore's `partitions.json`, without the continent, with its diacritics.
- Japanese place: IAM User Guide in Japanese, "AWS STS のリージョンとエンドポイント". The isolated regions have no
  Japanese name there and keep the English one.
- enabled by default, and can be deactivated (whether an account can switch STS off there): IAM User Guide, "AWS STS
  Regions and endpoints". STS of an opt-in region follows the region itself; that of N. Virginia is always on. For the
  partitions outside `aws` the guide lists no switch, and each of their regions is on from the start.
"""

FIPS_REGIONS = ("us-east-1", "us-east-2", "us-west-1", "us-west-2")
"""Regions in which botocore's `endpoints.json` lists another host of STS, with FIPS 140 modules: `sts-fips.<region>`.

The rule set would build such a name for every region, whether or not there is one. The hosts of GovCloud are FIPS hosts
themselves, under their usual names."""

FIXED_OFF_IN_2021 = ("af-south-1", "ap-east-1", "eu-south-1", "me-south-1")
"""Regions that the IAM User Guide of 2021 listed as disabled and not to be enabled; today STS there follows them."""

CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
    "aws-eusc": "console.amazonaws-eusc.eu",
}
"""Where a person opens the AWS Management Console, by partition (AWS General Reference, "AWS Management Console
endpoints", and its pages on the other partitions); those of the isolated partitions are not published."""

HOST_SUFFIXES = {
    "aws": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
    "aws-us-gov": "amazonaws.com",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}
"""What follows `sts.<region>.` in the host name, by partition; in the order in which partitions are listed."""

ROWS: tuple[tuple[str, str, str, str, bool, bool], ...] = (
    ("aws", "af-south-1", "Cape Town", "ケープタウン", False, False),
    ("aws", "ap-east-1", "Hong Kong", "香港", False, False),
    ("aws", "ap-east-2", "Taipei", "台北", False, False),
    ("aws", "ap-northeast-1", "Tokyo", "東京", True, True),
    ("aws", "ap-northeast-2", "Seoul", "ソウル", True, True),
    ("aws", "ap-northeast-3", "Osaka", "大阪", True, True),
    ("aws", "ap-south-1", "Mumbai", "ムンバイ", True, True),
    ("aws", "ap-south-2", "Hyderabad", "ハイデラバード", False, False),
    ("aws", "ap-southeast-1", "Singapore", "シンガポール", True, True),
    ("aws", "ap-southeast-2", "Sydney", "シドニー", True, True),
    ("aws", "ap-southeast-3", "Jakarta", "ジャカルタ", False, False),
    ("aws", "ap-southeast-4", "Melbourne", "メルボルン", False, False),
    ("aws", "ap-southeast-5", "Malaysia", "マレーシア", False, False),
    ("aws", "ap-southeast-6", "New Zealand", "ニュージーランド", False, False),
    ("aws", "ap-southeast-7", "Thailand", "タイ", False, False),
    ("aws", "ca-central-1", "Canada (Central)", "カナダ (中部)", True, True),
    ("aws", "ca-west-1", "Calgary", "カルガリー", False, False),
    ("aws", "eu-central-1", "Frankfurt", "フランクフルト", True, True),
    ("aws", "eu-central-2", "Zurich", "チューリッヒ", False, False),
    ("aws", "eu-north-1", "Stockholm", "ストックホルム", True, True),
    ("aws", "eu-south-1", "Milan", "ミラノ", False, False),
    ("aws", "eu-south-2", "Spain", "スペイン", False, False),
    ("aws", "eu-west-1", "Ireland", "アイルランド", True, True),
    ("aws", "eu-west-2", "London", "ロンドン", True, True),
    ("aws", "eu-west-3", "Paris", "パリ", True, True),
    ("aws", "il-central-1", "Tel Aviv", "テルアビブ", False, False),
    ("aws", "me-central-1", "UAE", "アラブ首長国連邦", False, False),
    ("aws", "me-south-1", "Bahrain", "バーレーン", False, False),
    ("aws", "mx-central-1", "Mexico (Central)", "メキシコ (中部)", False, False),
    ("aws", "sa-east-1", "São Paulo", "サンパウロ", True, True),
    ("aws", "us-east-1", "N. Virginia", "バージニア北部", True, False),
    ("aws", "us-east-2", "Ohio", "オハイオ", True, True),
    ("aws", "us-west-1", "N. California", "北カリフォルニア", True, True),
    ("aws", "us-west-2", "Oregon", "オレゴン", True, True),
    ("aws-cn", "cn-north-1", "Beijing", "北京", True, False),
    ("aws-cn", "cn-northwest-1", "Ningxia", "寧夏", True, False),
    ("aws-us-gov", "us-gov-east-1", "GovCloud (US-East)", "GovCloud (米国東部)", True, False),
    ("aws-us-gov", "us-gov-west-1", "GovCloud (US-West)", "GovCloud (米国西部)", True, False),
    ("aws-eusc", "eusc-de-east-1", "Germany", "ドイツ", True, False),
    ("aws-iso", "us-iso-east-1", "US ISO East", "US ISO East", True, False),
    ("aws-iso", "us-iso-west-1", "US ISO West", "US ISO West", True, False),
    ("aws-iso-b", "us-isob-east-1", "US ISOB East (Ohio)", "US ISOB East (Ohio)", True, False),
    ("aws-iso-b", "us-isob-west-1", "US ISOB West", "US ISOB West", True, False),
    ("aws-iso-e", "eu-isoe-west-1", "EU ISOE West", "EU ISOE West", True, False),
    ("aws-iso-f", "us-isof-east-1", "US ISOF East", "US ISOF East", True, False),
    ("aws-iso-f", "us-isof-south-1", "US ISOF South", "US ISOF South", True, False),
)
