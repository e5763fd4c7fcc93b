# Open311：别处的程序登记事情、转来的话

no-open311-key = api_key 没有写，或者不对；和照片一起发时，要写在照片前面
no-open311-status = 程序的钥匙不是职务：办没办好由提出的人说，程序只能补充说明。这次什么也没有记
no-open311-update-other = 这个 update_id 已经用过，当时说的不一样

did-requests-relayed = 别的系统转来一句话
told-requests-relayed = { $code }：别的系统转来一句话
